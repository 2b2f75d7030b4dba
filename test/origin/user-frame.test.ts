import { afterEach, describe, expect, test } from 'vitest';
import { type MarkedProgram, marked } from './marked';
import { Project } from './project';

const showing = `const { show, Statement } = require('./tierwall/statement');\n`;

describe('the origin of a statement is the innermost line of the user', () => {
  let project: Project;
  afterEach(() => project.remove());

  const shown = (program: MarkedProgram, path = 'app.js') => project.write(path, program.text).shown([path]);
  const expected = (program: MarkedProgram, path = 'app.js') =>
    program.places.map((place) => ({ file: project.at(path), ...place }));

  test.for([
    { name: 'a call', program: 'show(¦new Statement());' },
    {
      name: "a method of tierwall's, which declares in turn",
      program: 'show((¦new Statement(), new Statement().¦allowFrom()));',
    },
    {
      name: "a function of the user's, not its caller",
      program: 'const mine = () => ¦new Statement();\nshow(mine(),\n mine());',
      repeat: 2,
    },
    {
      name: "the super line of the user's subclass",
      program: 'class Mine extends Statement {\n  constructor() {\n    ¦super();\n  }\n}\nshow(new Mine());',
    },
    {
      name: 'the line of `new` for a subclass without a constructor',
      program: 'class Mine extends Statement {}\nshow(¦new Mine());',
    },
    { name: 'the caller of `eval`', program: "show(¦eval('new Statement()'));" },
  ])('$name', ({ program, repeat = 1 }) => {
    project = Project.create().withTierwall('compiled');
    const places = marked(showing + program);
    const all = shown(places);
    expect(all.length).toBeGreaterThan(0);
    expect(all).toEqual(Array.from({ length: repeat }, () => expected(places).at(-1)));
  });

  test.for([
    { name: 'a package', depth: 0 },
    { name: 'a package that calls itself a hundred times', depth: 100 },
  ])('not the line of $name that declares for the user', ({ depth }) => {
    project = Project.create()
      .withTierwall('compiled', 'node_modules/tierwall/dist')
      .write(
        'node_modules/helper/index.js',
        `const { Statement } = require('../tierwall/dist/statement');
         exports.declare = (depth) => depth ? exports.declare(depth - 1) : new Statement();`,
      );
    const program = marked(`const { show } = require('./node_modules/tierwall/dist/statement');
const { declare } = require('./node_modules/helper');
show(¦declare(${depth}));`);
    expect(shown(program)).toEqual(expected(program));
  });

  test('the line of a package where the user has none', () => {
    project = Project.create().withTierwall('compiled', 'node_modules/tierwall/dist');
    const program = marked(
      "const { show, Statement } = require('../tierwall/dist/statement');\nshow(¦new Statement());",
    );
    const path = 'node_modules/policies/main.js';
    expect(shown(program, path)).toEqual(expected(program, path));
  });

  test('none, where no line is in a file', () => {
    project = Project.create().withTierwall('compiled');
    expect(project.shown(['-e', `${showing} show(new Statement())`])).toEqual([null]);
  });
});

import { Option } from 'commander';

/** What other tools call the same. */
const otherNames: Readonly<Record<string, string>> = { text: 'txt', markdown: 'md', yml: 'yaml' };

/** `-o`, as every command has it. @param formats the first one is the default */
export function outputOption(formats: readonly string[]): Option {
  const option = new Option('-o, --output <format>', 'what to print').choices(formats).default(formats[0]);
  const { parseArg } = option;
  return option.argParser((given, before) => parseArg!(otherNames[given] ?? given, before));
}

throw new Error('tierwall/vitest cannot be required, as Vitest cannot: use `import`');

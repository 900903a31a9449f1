import { Command } from 'commander'

/** The laboratory's runs. Each is a program with its own options, examples and exit code. */
const runs = {
  bench: {
    description: 'measures throughput and latency beside a bare path and peers',
    file: './bench/main.js',
    leading: [],
  },
  chaos: {
    description: 'sells under faults and judges the books',
    file: './chaos/main.js',
    leading: [],
  },
  experiment: {
    description: 'measures the experiments named, or all',
    file: './experiments/main.js',
    leading: [],
  },
  'crash-matrix': {
    description: 'kills each service at each of its crash points',
    file: './experiments/main.js',
    leading: ['crash-matrix'],
  },
  fuzz: {
    description: 'sends malformed requests to every route',
    file: './fuzz/main.js',
    leading: [],
  },
} as const

const program = new Command('npm run lab --')
  .description('Runs the laboratory: each run starts servers and services of its own.')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npm run lab -- bench --quick\n' +
      '  npm run lab -- chaos --profile full --seed 2\n' +
      '  npm run lab -- experiment outage\n' +
      '  npm run lab -- crash-matrix',
  )
for (const [name, { description, file, leading }] of Object.entries(runs)) {
  program
    .command(name)
    .description(description)
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]')
    .action(async () => {
      // The run parses its own arguments: they follow the name.
      process.argv.splice(2, 1, ...leading)
      await import(file)
    })
}
await program.parseAsync()

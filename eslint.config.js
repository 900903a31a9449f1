import js from '@eslint/js'
import n from 'eslint-plugin-n'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/** `config.ts` is the only reader of the environment, so that one file lists every setting of a service. */
const environmentReaders = ['**/config.ts', 'apps/**', 'lab/**', '**/testing/**', '**/*.test.ts']

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.stack/',
      'coverage/',
      'packages/client/src/schema.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { n },
    languageOptions: { parserOptions: { project: './tsconfig.check.json' } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'n/no-process-env': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'parseFloat', message: 'Money is whole minor units.' },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      // Branded money is a number; option objects of winston and mongoose are typed as classes nobody constructs.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  { files: environmentReaders, rules: { 'n/no-process-env': 'off' } },
  // A composition root is one list of what is wired to what; cut in pieces it would hide the order.
  {
    files: ['**/src/app.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 110, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['services/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Literal[value=/^311[09]\\d{6}$|sandbox|effect-then|without-effect/i]',
          message: 'Nothing here may know that the carrier is simulated.',
        },
      ],
    },
  },
  // Browser code has the document's types, its end-to-end tests have Node's.
  {
    files: ['web/**/*.ts', 'web/**/*.tsx'],
    ignores: ['web/src/e2e/**'],
    languageOptions: { parserOptions: { project: './web/tsconfig.json' } },
  },
  { files: ['apps/**', 'lab/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.ts', '**/testing/**', 'web/src/e2e/**'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 500 }] },
  },
  {
    files: ['**/*.mjs', '*.js', '*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' },
    },
  },
  {
    files: ['web/public/sw.js'],
    languageOptions: {
      globals: { self: 'readonly', caches: 'readonly', fetch: 'readonly', URL: 'readonly' },
    },
  },
  prettier,
)

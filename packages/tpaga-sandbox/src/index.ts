export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
export { type ScenarioName, scenarioNames, scenarios } from './scenarios/scenarios.ts'
export { documentedNumbers } from './carrier/test-numbers.ts'

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'

/** Asks the extension as the tool does, with a tool that only registers it. */
const program = `
import json, sys, types
from own_keys import before_call
given = json.loads(sys.argv[1])
for headers in given:
    case = types.SimpleNamespace(headers=headers, _record_starting_state=lambda: None)
    before_call(None, case, {})
print(json.dumps(given))
`

const afterCalls = (headers: readonly (Readonly<Record<string, string>> | null)[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'recargas-hooks-'))
  try {
    writeFileSync(join(folder, 'schemathesis.py'), 'def hook(function):\n    return function\n')
    const hooks = fileURLToPath(new URL('.', import.meta.url))
    const { stdout, stderr } = spawnSync('python3', ['-c', program, JSON.stringify(headers)], {
      encoding: 'utf8',
      env: {
        ...process.env,
        PYTHONPATH: [folder, hooks].join(delimiter),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    })
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as readonly (Readonly<Record<string, string>> | null)[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The fuzz itself needs Python; a machine without it cannot run either. */
const itWithPython = spawnSync('python3', ['--version']).status === 0 ? it : it.skip

itWithPython(
  'each request of the fuzz has an Idempotency-Key of its own, an invalid one stays',
  () => {
    const valid = { 'Idempotency-Key': 'caja1-000123' }
    const invalid = [
      { 'Idempotency-Key': '' },
      { 'Idempotency-Key': 'ñ' },
      { Prefer: 'wait=1' },
      null,
    ]
    const [one, other, ...rest] = afterCalls([valid, valid, ...invalid])
    const keys = [one, other].map((headers) => headers?.['Idempotency-Key'])
    expect(new Set([...keys, 'caja1-000123']).size).toBe(3)
    for (const key of keys) expect(key).toMatch(/^fuzz-[\da-f-]{36}$/)
    expect(rest).toEqual(invalid)
  },
)

import { afterEach, expect, test } from '@jest/globals'
import { person } from '../session/session.ts'
import type { Person } from '../session/claims.ts'
import { createResource } from './resource.ts'

const signedIn = (userId: string) => ({ merchant: 'm', userId }) as Person

/** An answer that a test gives when it likes, also before it is asked for. */
const anAnswer = () => {
  let answer: (value: string) => void = () => undefined
  let fail: () => void = () => undefined
  const promise = new Promise<string>((resolve, reject) => {
    answer = resolve
    fail = () => reject(new TypeError('lost'))
  })
  promise.catch(() => undefined)
  return { promise, answer, fail }
}

/** A resource that is read three times at most. */
const aResource = () => {
  const reads = [anAnswer(), anAnswer(), anAnswer()] as const
  const asked = [...reads]
  const ask = () => asked.shift()?.promise ?? Promise.reject(new Error('a fourth read'))
  return { reads, resource: createResource({ name: 'test', everyMs: 1_000, ask }) }
}

afterEach(() => {
  person.value = null
})

test('a later read that fails keeps the value, and says so', async () => {
  person.value = signedIn('1')
  const { reads, resource } = aResource()
  const first = resource.refresh()
  reads[0].answer('a')
  await first
  expect(resource.shown.value).toMatchObject({ state: 'shown', value: 'a', failure: null })
  const second = resource.refresh()
  reads[1].fail()
  await second
  expect(resource.shown.value).toMatchObject({
    state: 'shown',
    value: 'a',
    failure: { code: null },
  })
})

test.each(['answer', 'fail'] as const)(
  'a late %s to an earlier question changes nothing of a later one’s answer',
  async (end) => {
    person.value = signedIn('1')
    const { reads, resource } = aResource()
    const first = resource.refresh()
    reads[0].answer('first')
    await first
    const earlier = resource.refresh()
    const later = resource.refresh()
    reads[2].answer('new')
    await later
    reads[1][end]('old')
    await earlier
    expect(resource.shown.value).toMatchObject({ value: 'new', failure: null })
  },
)

test.each(['answer', 'fail'] as const)(
  'a late %s of one person’s read changes nothing of the next person’s',
  async (end) => {
    person.value = signedIn('1')
    const { reads, resource } = aResource()
    const late = resource.refresh()
    person.value = signedIn('2')
    const own = resource.refresh()
    reads[1].answer('of the next')
    await own
    reads[0][end]('of the one before')
    await late
    expect(resource.shown.value).toMatchObject({ value: 'of the next', failure: null })
  },
)

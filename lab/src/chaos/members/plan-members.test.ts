import { expect, test } from '@jest/globals'
import { randomBy } from '../plan.ts'
import { cutsNetwork, memberFaultNames, planMembers } from './plan-members.ts'

const plan = (seed: number) => planMembers(randomBy(seed))

test('a plan has every fault, begins with the upgrade, and follows from its seed', () => {
  expect(new Set(plan(1))).toEqual(new Set(memberFaultNames))
  expect(plan(1).slice(0, 3)).toEqual(['upgrade', 'downgrade', 'upgrade'])
  expect(plan(1)).toEqual(plan(1))
  expect(plan(1)).not.toEqual(plan(2))
})

test('six faults cut the network', () => {
  expect(memberFaultNames.filter(cutsNetwork)).toEqual([
    ...['cut broker', 'cut leader', 'cut secondary', 'cut primary'],
    ...['part leader', 'part primary'],
  ])
})

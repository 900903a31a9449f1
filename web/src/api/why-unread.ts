import { sentenceOf } from './answer.ts'
import type { Shown } from './resource.ts'
import { words } from './words.ts'

/** The reason why a form cannot use this value yet; null once it was read, also where a later read failed. */
export const whyUnread = (shown: Shown<unknown>): string | null => {
  switch (shown.state) {
    case 'loading':
      return words.value.loading
    case 'failed':
      return sentenceOf(shown.failure)
    case 'shown':
      return null
  }
}

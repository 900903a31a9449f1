import { wordsOf } from '../language/language.ts'

export const failureWords = wordsOf(
  {
    noAnswer: 'El sistema no respondió.',
    unknownCode: (code: string) => `El sistema respondió ${code}.`,
  },
  {
    noAnswer: 'The system did not answer.',
    unknownCode: (code: string) => `The system answered ${code}.`,
  },
)

import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    loading: 'Cargando…',
    noAnswer: 'El sistema no respondió.',
    unknownCode: (code: string) => `El sistema respondió ${code}.`,
  },
  {
    loading: 'Loading…',
    noAnswer: 'The system did not answer.',
    unknownCode: (code: string) => `The system answered ${code}.`,
  },
)

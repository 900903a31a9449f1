import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    loading: 'Cargando…',
    asOf: (time: string) => `Datos de las ${time}.`,
    noAnswer: 'El sistema no respondió.',
    unknownCode: (code: string) => `El sistema respondió ${code}.`,
  },
  {
    loading: 'Loading…',
    asOf: (time: string) => `As of ${time}.`,
    noAnswer: 'The system did not answer.',
    unknownCode: (code: string) => `The system answered ${code}.`,
  },
)

import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    title: 'Iniciar sesión',
    explanation:
      'Abra la dirección de acceso que le dio su tienda, o pegue aquí el código de acceso que contiene.',
    expired:
      'Su acceso venció. Inicie sesión de nuevo: lo que estaba en curso sigue guardado y no se vende dos veces.',
    code: 'Código de acceso',
    enter: 'Entrar',
    invalid: 'Ese texto no es un código de acceso.',
    leave: 'Salir',
  },
  {
    title: 'Sign in',
    explanation:
      'Open the access address that your shop gave you, or paste the access code in it here.',
    expired:
      'Your access has ended. Sign in again: a sale under way is kept and is not sold twice.',
    code: 'Access code',
    enter: 'Enter',
    invalid: 'That text is no access code.',
    leave: 'Sign out',
  },
)

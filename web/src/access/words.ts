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
    start: 'Continuar',
    atIssuer: 'Se abre la página de su cuenta, y después vuelve aquí.',
    working: 'Un momento: se pide el acceso…',
    insecure: 'Esta dirección no es segura: abra la pantalla por https para iniciar sesión.',
    unreachable: 'El servicio de cuentas no responde. Intente otra vez en un momento.',
    state: 'Esa respuesta no es de este inicio de sesión. Empiece otra vez.',
    denied: 'El servicio de cuentas no dio acceso. Empiece otra vez o avise al dueño.',
    answer: 'El servicio de cuentas respondió algo que no vale. Avise al dueño.',
    'not-accepted': 'Este sistema no acepta el acceso de su cuenta. Avise al dueño.',
    role: 'Su cuenta no tiene un rol en este sistema. Avise al dueño.',
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
    start: 'Continue',
    atIssuer: 'The page of your account opens, and then you are back here.',
    working: 'One moment: access is asked for…',
    insecure: 'This address is not secure: open the screen by https to sign in.',
    unreachable: 'The account service does not answer. Try again in a moment.',
    state: 'That answer is not of this sign-in. Start again.',
    denied: 'The account service gave no access. Start again, or tell the owner.',
    answer: 'The account service answered something that does not count. Tell the owner.',
    'not-accepted': 'This system does not take the access of your account. Tell the owner.',
    role: 'Your account has no role in this system. Tell the owner.',
  },
)

import { signal } from '@preact/signals'

/** The screen that the address names: `#/vender` is `vender`, nothing is the first. */
export const path = signal('')

const read = (): void => {
  const { hash } = window.location
  if (hash.startsWith('#/')) path.value = hash.slice('#/'.length)
  else if (hash === '') path.value = ''
}

export const watchPath = (): void => {
  window.addEventListener('hashchange', read)
  window.addEventListener('popstate', read)
  read()
}

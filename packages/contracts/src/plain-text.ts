import { z } from 'zod'

/**
 * Control characters other than tab and line break, and those that change the direction of writing: they hide or reorder the
 * text that a person reads.
 */
export const hiddenCharacter = /(?![\t\n\r])\p{Cc}|\p{Bidi_Control}/u
/** In a text of one line, such as a name, tab and line break hide as well. */
export const hiddenInLine = /\p{Cc}|\p{Bidi_Control}/u

const directions = String.raw`\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069`
/** Texts without a {@link hiddenCharacter}, as a pattern for tools that know no classes such as `\p{Cc}`. */
export const plainTextPattern = String.raw`^[^\u0000-\u0008\u000B\u000C\u000E-\u001F${directions}]*$`
/** The same of {@link hiddenInLine}. */
export const plainLinePattern = String.raw`^[^\u0000-\u001F${directions}]*$`

/** A person's name as it stays in the audit. */
export const PersonName = z
  .string()
  .trim()
  .min(2)
  .max(80)
  .regex(/^[^\p{C}]+$/u)
export const WrittenReason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .refine((text) => !hiddenCharacter.test(text), {
    error: 'has control characters that no reader sees',
  })

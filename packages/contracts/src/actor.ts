import { z } from 'zod'

export const Role = z.enum(['Administrador', 'Operador', 'Usuario'])
export type Role = z.infer<typeof Role>

/** The person who asks, as the token names him. */
export const Actor = z.strictObject({
  userId: z.string().min(1).max(64),
  username: z.string().max(120),
  role: Role,
})
export type Actor = z.infer<typeof Actor>

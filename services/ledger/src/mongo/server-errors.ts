import mongoose from 'mongoose'

/** MongoDB's code of a write that a unique index refuses. */
export const duplicateKey = 11_000

/** MongoDB's code of a command that the user's roles do not allow. */
export const unauthorized = 13

export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === duplicateKey

/** @returns false where a unique index refused the write: the document is there already */
export const unlessDuplicate = async (write: PromiseLike<unknown>): Promise<boolean> => {
  try {
    await write
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Ignores that a collection exists already: two instances may create it at once. */
export const ignoreExisting = (error: unknown): void => {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error
}

import { Schema } from 'mongoose'
import { modelOptions, required } from './model-options.ts'

/** The progress of the proof behind the writers in one partition, and the replay that it goes on from. */
export type ProofProgressDocument = {
  /** The partition. */
  readonly _id: number
  /** The ledger's birth: progress of another one does not count. */
  readonly birth: string
  readonly block: number
  readonly at: Date
  /** A JSON text; absent while the proof goes on. */
  readonly finding?: string
  /** The replay of a proven block, not later than `block`: its text, compressed, and the version of its form. */
  readonly replay?: Buffer
  readonly format?: number
}

export const proofProgressSchema = new Schema<ProofProgressDocument>(
  {
    _id: required(Number),
    birth: required(String),
    block: required(Number),
    at: required(Date),
    finding: String,
    replay: Buffer,
    format: Number,
  },
  modelOptions,
)

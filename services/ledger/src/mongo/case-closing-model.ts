import { caseKinds, type CaseClosing } from '@recargas/contracts'
import { Schema } from 'mongoose'
import type { CaseDocument } from './documents.ts'
import { modelOptions, required } from './model-options.ts'

/** A person's word on a case. It is no part of the books: it changes no balance, and is only ever inserted. */
export type CaseClosingDocument = Omit<CaseClosing, 'at'> & {
  readonly _id: string
  readonly kind: CaseDocument['kind']
  readonly merchant: string
  readonly at: Date
}

const text = required(String)

export const caseClosingSchema = new Schema<CaseClosingDocument>(
  {
    _id: text,
    kind: { ...text, enum: caseKinds },
    merchant: text,
    by: text,
    reason: text,
    at: required(Date),
  },
  modelOptions,
)

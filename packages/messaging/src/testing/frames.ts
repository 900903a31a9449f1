const methodFrame = (channel: number, fields: Buffer): Buffer => {
  const head = Buffer.alloc(7)
  head.writeUInt8(1, 0)
  head.writeUInt16BE(channel, 1)
  head.writeUInt32BE(fields.length, 3)
  return Buffer.concat([head, fields, Buffer.from([0xce])])
}

const method = (classId: number, methodId: number): Buffer => {
  const ids = Buffer.alloc(4)
  ids.writeUInt16BE(classId, 0)
  ids.writeUInt16BE(methodId, 2)
  return ids
}

/** The frame of a broker that is short of memory; a real one would send it to every test at once. */
export const connectionBlocked = methodFrame(
  0,
  Buffer.concat([method(10, 60), Buffer.from([3]), Buffer.from('low')]),
)
export const connectionUnblocked = methodFrame(0, method(10, 61))

/** Acknowledges an unknown delivery tag, for which the broker closes the channel. */
export const ackOfNothing = (channel: number): Buffer => {
  const fields = Buffer.alloc(9)
  fields.writeBigUInt64BE(999_999n, 0)
  return methodFrame(channel, Buffer.concat([method(60, 80), fields]))
}

const separators = /[ -]/g

/**
 * A phone number as the carrier dials it: without spaces and dashes, and without the shop's country code after `+` or `00`.
 * Everything else stays as it was written, to be refused by the operator's pattern.
 */
export const dialledNumber = (written: string, countryCode: string | undefined): string => {
  const bare = written.replaceAll(separators, '')
  if (countryCode === undefined) return bare
  const prefix = [`+${countryCode}`, `00${countryCode}`].find((each) => bare.startsWith(each))
  return prefix === undefined ? bare : bare.slice(prefix.length)
}

/** One of the sandbox's own routes. @throws with what it says where it refuses */
export const control = async (
  sandboxUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> => {
  const response = await fetch(`${sandboxUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (!response.ok) throw new Error(`sandbox ${path}: ${await response.text()}`)
  return response
}

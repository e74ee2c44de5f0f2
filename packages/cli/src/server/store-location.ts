/** Returns the passwords in a `--store`, as they are written there and decoded. */
export function passwordsOf(location: string): readonly string[] {
  const [, inAuthority = ''] = /^[a-z+]+:(?:\/\/)?[^/?#@:]*:([^/?#]+)@/i.exec(location) ?? []
  const inQuery = [...location.matchAll(/[?&](?:ssl)?password=([^&#]+)/gi)].map(([, value = '']) => value)
  const written = [inAuthority, ...inQuery].filter(Boolean)
  return [...new Set(written.flatMap((password) => [password, decode(password)]))]
}

/** Returns a function that removes the passwords of a `--store` from a text: messages of databases may quote their address. */
export function redactorFor(location: string): (text: string) => string {
  const passwords = passwordsOf(location)
  return (text) => passwords.reduce((rest, password) => rest.replaceAll(password, '…'), text)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

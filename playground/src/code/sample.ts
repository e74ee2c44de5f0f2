import type { LoginOptions } from '@latchkey/core'
import type { Connection } from '../connection/connection.js'

/** What the code of a sign-in differs in. */
interface SignInSample {
  readonly connection: Connection
  /** More props of `<OAuthProvider>`, such as `par` or `dpop="required"`. */
  readonly props?: readonly string[] | undefined
  /** The argument of `login()`, such as `{ transport: 'popup' }`. */
  readonly login?: string | undefined
}

/** @returns a component that signs in, and the provider around it */
export function signInCode({ connection, props = [], login = "{ transport: 'popup' }" }: SignInSample): string {
  return `
import { OAuthProvider, useLogin } from '@latchkey/react'

export function App() {
  return (
${providerCode(connection, props, '<SignInButton />')}
  )
}

function SignInButton() {
  const { login, isPending } = useLogin()
  const signIn = () => login(${login})
  return <button disabled={isPending} onClick={signIn}>Sign in</button>
}
`
}

/** @returns the argument of `login()`, over several lines if it is long */
export function loginCode(options: LoginOptions): string {
  const members = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => memberCode(name, value))
  const line = `{ ${members.join(', ')} }`
  return line.length <= 60 ? line : `{\n${members.map((member) => `    ${member},\n`).join('')}  }`
}

/** @returns a member of an object, in one line */
export function memberCode(name: string, value: unknown): string {
  return `${/^[a-z_$][\w$]*$/i.test(name) ? name : literal(name)}: ${valueCode(value)}`
}

function valueCode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueCode).join(', ')}]`
  if (typeof value === 'string') return literal(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([name, member]) => memberCode(name, member))
  return `{ ${members.join(', ')} }`
}

/** @returns the provider element, indented for the body of a component */
export function providerCode(connection: Connection, props: readonly string[], children: string): string {
  const all = [...connectionProps(connection), ...props]
  return ['    <OAuthProvider', ...all.map((prop) => `      ${prop}`), '    >', `      ${children}`, '    </OAuthProvider>'].join(
    '\n',
  )
}

/** @returns the options of a client, as the properties of an object */
export function clientOptionsCode({ issuer, clientId, scope }: Connection): string {
  return `{\n  issuer: ${literal(issuer)},\n  clientId: ${literal(clientId)},\n  scope: ${literal(scope)},\n}`
}

/** A string as a literal of TypeScript. */
export function literal(text: string): string {
  return /['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`
}

function connectionProps({ issuer, clientId, scope }: Connection): readonly string[] {
  return [`issuer=${attribute(issuer)}`, `clientId=${attribute(clientId)}`, `scope=${attribute(scope)}`]
}

/** A string as the value of a JSX attribute. */
export function attribute(text: string): string {
  return /["\\&{}]/.test(text) ? `{${JSON.stringify(text)}}` : `"${text}"`
}

import type { Connection } from '../connection/connection.js'

/** What the code of a sign-in by popup or redirect differs in. */
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
    <OAuthProvider${[...connectionProps(connection), ...props].map((prop) => `\n      ${prop}`).join('')}
    >
      <SignInButton />
    </OAuthProvider>
  )
}

function SignInButton() {
  const { login, isPending } = useLogin()
  const signIn = () => login(${login})
  return <button disabled={isPending} onClick={signIn}>Sign in</button>
}
`
}

function connectionProps({ issuer, clientId, scope }: Connection): readonly string[] {
  return [`issuer=${attribute(issuer)}`, `clientId=${attribute(clientId)}`, `scope=${attribute(scope)}`]
}

/** A string as the value of a JSX attribute. */
function attribute(text: string): string {
  return /["\\&{}]/.test(text) ? `{${JSON.stringify(text)}}` : `"${text}"`
}

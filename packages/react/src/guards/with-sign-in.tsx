'use client'
import { refuseUnknownOptions, type OptionNames } from '@latchkey/core'
import type { ComponentType, ReactNode } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { refuseArguments } from '../provider/refuse-arguments.js'
import { RequireSignIn, type RequireSignInProps } from './require-sign-in.js'

/** Configures `withSignIn`: the props of `<RequireSignIn>`, without its children. */
export type WithSignInOptions = Omit<RequireSignInProps, 'children'>

const OPTIONS: OptionNames<WithSignInOptions> = { client: 'string', fallback: true, loginOptions: 'object' }

/**
 * Returns a component that renders another one inside `<RequireSignIn>`, for routes that take a component and no loader. Call it outside
 * of components: each call returns a new component, whose state React does not keep.
 *
 * @throws ConfigurationError configuration for an option that does not exist, and without a component; when it renders, what
 *   `<RequireSignIn>` throws
 */
export function withSignIn<Props extends object>(
  Component: ComponentType<Props>,
  options: WithSignInOptions = {},
): (props: Props) => ReactNode {
  if (IS_DEVELOPMENT) refuseUnknownOptions('withSignIn()', options, OPTIONS)
  refuseArguments('withSignIn()', isComponent(Component))
  function WithSignIn(props: Props): ReactNode {
    return (
      <RequireSignIn {...options}>
        <Component {...props} />
      </RequireSignIn>
    )
  }
  WithSignIn.displayName = `withSignIn(${Component.displayName ?? Component.name})`
  return WithSignIn
}

/** What `memo`, `forwardRef` and `lazy` return is an object. */
function isComponent(component: unknown): boolean {
  return typeof component === 'function' || (typeof component === 'object' && component !== null)
}

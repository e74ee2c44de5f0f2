import { ConfigurationError } from '@latchkey/core'

// An app that uses neither of these packages has no types of them: then they are `any`, and its compilation has no error.
/** @ts-ignore -- `@latchkey/server` may be missing; `@ts-expect-error` would fail where it is installed */
export type { AuthorizationServer, AuthorizationServerOptions, ClientRecord, Stores } from '@latchkey/server'
/** @ts-ignore -- `@testing-library/react` may be missing; `@ts-expect-error` would fail where it is installed */
export type { RenderOptions, RenderResult } from '@testing-library/react'

/** @ts-ignore -- `@latchkey/server` may be missing here too; `@ts-expect-error` would fail where it is installed */
export type ServerPackage = typeof import('@latchkey/server')

/**
 * Loads a package that only some users of this entry need.
 *
 * @param load written with a literal name, so that bundlers find it
 * @throws ConfigurationError configuration, if it is not installed
 */
export async function loadPeer<Package>(name: string, usedBy: string, load: () => Promise<Package>): Promise<Package> {
  try {
    return await load()
  } catch (cause) {
    throw new ConfigurationError('configuration', `${usedBy} needs the package ${name}, which could not be loaded.`, {
      hint: `Install it: npm install --save-dev ${name}`,
      cause,
    })
  }
}

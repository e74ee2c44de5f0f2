'use client'
import type { OAuthClient } from '@latchkey/core'
import { useEffect } from 'react'
import { recorderOf } from './with-devtools.js'

/** Lets the recorders of the clients read their keys, also while the panel is closed. */
export function useAttachedClients(clients: Readonly<Record<string, OAuthClient<unknown>>>): void {
  useEffect(() => {
    for (const client of Object.values(clients)) recorderOf(client)?.idTokens.attach(client)
  })
}

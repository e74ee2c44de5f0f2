import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import type { Connection } from './connection.js'
import { readConnection, storeConnection } from './stored-connection.js'

interface ConnectionContextValue {
  readonly connection: Connection
  readonly setConnection: (connection: Connection) => void
}

const ConnectionContext = createContext<ConnectionContextValue | undefined>(undefined)

/** Provides the current connection. */
export function ConnectionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [connection, setConnection] = useState(readConnection)
  const value = useMemo(
    () => ({
      connection,
      setConnection: (next: Connection) => {
        storeConnection(next)
        setConnection(next)
      },
    }),
    [connection],
  )
  return <ConnectionContext.Provider value={value}>{children}</ConnectionContext.Provider>
}

/** Returns the current authorization server and client, and a function that changes them. */
export function useConnection(): ConnectionContextValue {
  const value = useContext(ConnectionContext)
  if (!value) throw new Error('useConnection() is used outside <ConnectionProvider>')
  return value
}

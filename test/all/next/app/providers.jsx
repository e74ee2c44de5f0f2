'use client'
import { OAuthProvider } from '@latchkey/react'

export function Providers({ children }) {
  return (
    <OAuthProvider issuer={process.env.NEXT_PUBLIC_ISSUER} clientId="next">
      {children}
    </OAuthProvider>
  )
}

export { RequireSignIn, type RequireSignInProps } from './guards/require-sign-in.js'
export { requireSignIn, type RequireSignInOptions } from './guards/require-sign-in-loader.js'
export { SignedIn, SignedOut, type SessionGateProps } from './guards/signed-in.js'
export { withSignIn, type WithSignInOptions } from './guards/with-sign-in.js'
export { authedQueryOptions, type AuthedQuery, type AuthedQueryOptions } from './hooks/authed-query-options.js'
export { useAccounts, type UseAccountsResult } from './hooks/use-accounts.js'
export { useAuthedFetch, type AuthedFetch, type UseAuthedFetchOptions } from './hooks/use-authed-fetch.js'
export { useAuthedQuery, type UseAuthedQueryOptions } from './hooks/use-authed-query.js'
export { useDeviceLogin, type UseDeviceLoginResult } from './hooks/use-device-login.js'
export { useIdleTimeout, type UseIdleTimeoutOptions, type UseIdleTimeoutResult } from './hooks/use-idle-timeout.js'
export { useLogin, type UseLoginResult } from './hooks/use-login.js'
export { useLogout, type UseLogoutResult } from './hooks/use-logout.js'
export { useOAuth, type NotSignedInOAuthResult, type SignedInOAuthResult, type UseOAuthResult } from './hooks/use-oauth.js'
export type { ResourceConnectOptions, ResourceState } from './hooks/resource-store.js'
export { useResourceClient, type UseResourceClientOptions, type UseResourceClientResult } from './hooks/use-resource-client.js'
export { useSessionEvent } from './hooks/use-session-event.js'
export {
  useBackChannelLogout,
  type UseBackChannelLogoutOptions,
  type UseBackChannelLogoutResult,
} from './hooks/use-back-channel-logout.js'
export { useSessionMonitor, type UseSessionMonitorOptions, type UseSessionMonitorResult } from './hooks/use-session-monitor.js'
export { useSuspenseUser } from './hooks/use-suspense-user.js'
export { useToken, type UseTokenOptions, type UseTokenResult } from './hooks/use-token.js'
export { useUser } from './hooks/use-user.js'
export { useUserInfo, type UseUserInfoOptions } from './hooks/use-user-info.js'
export { AccountsProvider, type AccountsProviderProps } from './provider/accounts-provider.js'
export type { ClientOrOptions } from './provider/clients.js'
export type { PhaseElements } from './provider/callback-gate.js'
export type { SignInFailure } from './provider/failed-sign-in.js'
export { OAuthProvider, type OAuthProviderProps } from './provider/oauth-provider.js'
export type {
  ClaimsFor,
  ClaimsOf,
  ClaimsOfClient,
  ClaimsOfName,
  ClientName,
  NamesOf,
  Register,
  RegisteredClaims,
} from './provider/register.js'

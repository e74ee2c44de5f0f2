import { AppsIcon } from '@primer/octicons-react/AppsIcon'
import { ArrowSwitchIcon } from '@primer/octicons-react/ArrowSwitchIcon'
import { BellIcon } from '@primer/octicons-react/BellIcon'
import { BroadcastIcon } from '@primer/octicons-react/BroadcastIcon'
import { BrowserIcon } from '@primer/octicons-react/BrowserIcon'
import { BlockedIcon } from '@primer/octicons-react/BlockedIcon'
import { BugIcon } from '@primer/octicons-react/BugIcon'
import { ChecklistIcon } from '@primer/octicons-react/ChecklistIcon'
import { CloudOfflineIcon } from '@primer/octicons-react/CloudOfflineIcon'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { CpuIcon } from '@primer/octicons-react/CpuIcon'
import { DevicesIcon } from '@primer/octicons-react/DevicesIcon'
import { EyeClosedIcon } from '@primer/octicons-react/EyeClosedIcon'
import { FileBadgeIcon } from '@primer/octicons-react/FileBadgeIcon'
import { GitBranchIcon } from '@primer/octicons-react/GitBranchIcon'
import { HourglassIcon } from '@primer/octicons-react/HourglassIcon'
import { IdBadgeIcon } from '@primer/octicons-react/IdBadgeIcon'
import { KeyAsteriskIcon } from '@primer/octicons-react/KeyAsteriskIcon'
import { KeyIcon } from '@primer/octicons-react/KeyIcon'
import { PeopleIcon } from '@primer/octicons-react/PeopleIcon'
import { PencilIcon } from '@primer/octicons-react/PencilIcon'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { RocketIcon } from '@primer/octicons-react/RocketIcon'
import { SearchIcon } from '@primer/octicons-react/SearchIcon'
import { ServerIcon } from '@primer/octicons-react/ServerIcon'
import { ShieldLockIcon } from '@primer/octicons-react/ShieldLockIcon'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { StackIcon } from '@primer/octicons-react/StackIcon'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { TagIcon } from '@primer/octicons-react/TagIcon'
import { ToolsIcon } from '@primer/octicons-react/ToolsIcon'
import { UploadIcon } from '@primer/octicons-react/UploadIcon'
import { VerifiedIcon } from '@primer/octicons-react/VerifiedIcon'
import { ZapIcon } from '@primer/octicons-react/ZapIcon'
import { AccountsPage } from './basics/accounts-page.js'
import { ApiPage } from './basics/api-page.js'
import { BreakItPage } from './basics/break-it-page.js'
import { DecoderPage } from './tools/decoder-page.js'
import { DevtoolsPage } from './tools/devtools-page.js'
import { IntrospectionPage } from './endpoints/introspection-page.js'
import { RefreshPage } from './endpoints/refresh-page.js'
import { RegistrationPage } from './endpoints/registration-page.js'
import { RevocationPage } from './endpoints/revocation-page.js'
import { BoundTokensPage } from './hardening/bound-tokens-page.js'
import { HybridPage } from './grants/hybrid-page.js'
import { ImplicitPage } from './grants/implicit-page.js'
import { PushedRequestPage } from './hardening/pushed-request-page.js'
import { ResourcesPage } from './hardening/resources-page.js'
import { RichRequestPage } from './hardening/rich-request-page.js'
import { SignedRequestPage } from './hardening/signed-request-page.js'
import { SignedResponsePage } from './hardening/signed-response-page.js'
import { StepUpPage } from './hardening/step-up-page.js'
import { CibaPage } from './grants/ciba-page.js'
import { ClientCredentialsPage } from './grants/client-credentials-page.js'
import { DevicePage } from './grants/device-page.js'
import { ExchangePage } from './grants/exchange-page.js'
import { OAuth1Page } from './grants/oauth1-page.js'
import { PasswordPage } from './grants/password-page.js'
import { ServiceAccountPage } from './grants/service-account-page.js'
import type { PageDefinition, PageGroup } from './page-definition.js'
import { ServerPage } from './tools/server-page.js'
import { SilentPage } from './sessions/silent-page.js'
import { WorkerPage } from './sessions/worker-page.js'
import { IdlePage } from './sessions/idle-page.js'
import { ServerLogoutPage } from './sessions/server-logout-page.js'
import { OfflinePage } from './sessions/offline-page.js'
import { TabsPage } from './sessions/tabs-page.js'
import { PopupPage } from './basics/popup-page.js'
import { SignInPage } from './basics/sign-in-page.js'
import { SignOutPage } from './basics/sign-out-page.js'
import { TokensPage } from './basics/tokens-page.js'
import { UserPage } from './basics/user-page.js'

/** All pages, in the order of the navigation. */
export const pageGroups: readonly PageGroup[] = [
  {
    title: 'Sign-in basics',
    pages: [
      { path: '/', label: 'Sign in', icon: <SignInIcon />, Page: SignInPage },
      { path: '/popup', label: 'Popup', icon: <AppsIcon />, Page: PopupPage },
      { path: '/user', label: 'User', icon: <IdBadgeIcon />, Page: UserPage },
      { path: '/tokens', label: 'Tokens', icon: <KeyIcon />, Page: TokensPage },
      { path: '/call-api', label: 'Call an API', icon: <PlugIcon />, Page: ApiPage },
      { path: '/accounts', label: 'Several accounts', icon: <PeopleIcon />, Page: AccountsPage },
      { path: '/sign-out', label: 'Sign out', icon: <SignOutIcon />, Page: SignOutPage },
      { path: '/break-it', label: 'Break it', icon: <BugIcon />, Page: BreakItPage },
    ],
  },
  {
    title: 'Sessions',
    pages: [
      { path: '/silent', label: 'Silent sign-in', icon: <EyeClosedIcon />, Page: SilentPage },
      { path: '/tabs', label: 'Tabs', icon: <BrowserIcon />, Page: TabsPage },
      { path: '/worker', label: 'Tokens in a worker', icon: <CpuIcon />, Page: WorkerPage },
      { path: '/offline', label: 'Offline', icon: <CloudOfflineIcon />, Page: OfflinePage },
      { path: '/idle', label: 'Idle timeout', icon: <HourglassIcon />, Page: IdlePage },
      { path: '/server-logout', label: 'Server logout', icon: <BroadcastIcon />, Page: ServerLogoutPage },
    ],
  },
  {
    title: 'Hardening',
    pages: [
      { path: '/step-up', label: 'Step-up', icon: <ZapIcon />, Page: StepUpPage },
      { path: '/bound-tokens', label: 'Bound tokens', icon: <ShieldLockIcon />, Page: BoundTokensPage },
      { path: '/resources', label: 'Tokens per API', icon: <StackIcon />, Page: ResourcesPage },
      { path: '/pushed-request', label: 'Pushed requests', icon: <UploadIcon />, Page: PushedRequestPage },
      { path: '/signed-request', label: 'Signed requests', icon: <FileBadgeIcon />, Page: SignedRequestPage },
      { path: '/rich-request', label: 'Rich requests', icon: <ChecklistIcon />, Page: RichRequestPage },
      { path: '/signed-response', label: 'Signed responses', icon: <VerifiedIcon />, Page: SignedResponsePage },
    ],
  },
  {
    title: 'Other grants',
    pages: [
      { path: '/device', label: 'Device', icon: <DevicesIcon />, Page: DevicePage },
      { path: '/ciba', label: 'Backchannel (CIBA)', icon: <BellIcon />, Page: CibaPage },
      { path: '/exchange', label: 'Token exchange', icon: <ArrowSwitchIcon />, Page: ExchangePage },
      { path: '/client-credentials', label: 'Client credentials', icon: <ServerIcon />, Page: ClientCredentialsPage },
      { path: '/service-account', label: 'Service accounts', icon: <RocketIcon />, Page: ServiceAccountPage },
      { path: '/hybrid', label: 'Hybrid', icon: <GitBranchIcon />, Page: HybridPage },
      { path: '/implicit', label: 'Implicit', icon: <GitBranchIcon />, Page: ImplicitPage },
      { path: '/password', label: 'Password', icon: <KeyAsteriskIcon />, Page: PasswordPage },
      { path: '/oauth1', label: 'OAuth 1.0a', icon: <PencilIcon />, Page: OAuth1Page },
    ],
  },
  {
    title: 'Clients and tokens',
    pages: [
      { path: '/refresh', label: 'Refresh', icon: <SyncIcon />, Page: RefreshPage },
      { path: '/revocation', label: 'Revocation', icon: <BlockedIcon />, Page: RevocationPage },
      { path: '/introspection', label: 'Introspection', icon: <SearchIcon />, Page: IntrospectionPage },
      { path: '/registration', label: 'Registration', icon: <TagIcon />, Page: RegistrationPage },
    ],
  },
  {
    title: 'Settings and tools',
    pages: [
      { path: '/server', label: 'Server', icon: <ServerIcon />, Page: ServerPage },
      { path: '/decoder', label: 'Token decoder', icon: <CodeIcon />, Page: DecoderPage },
      { path: '/devtools', label: 'Devtools', icon: <ToolsIcon />, Page: DevtoolsPage },
    ],
  },
]

/** All pages, in the same order. */
export const pages: readonly PageDefinition[] = pageGroups.flatMap((group) => group.pages)

import { IdBadgeIcon } from '@primer/octicons-react/IdBadgeIcon'
import { KeyIcon } from '@primer/octicons-react/KeyIcon'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { ServerIcon } from '@primer/octicons-react/ServerIcon'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { ApiPage } from './api.js'
import type { Scenario, ScenarioGroup } from './scenario.js'
import { ServerPage } from './server.js'
import { SignInPage } from './sign-in.js'
import { SignOutPage } from './sign-out.js'
import { TokensPage } from './tokens.js'
import { UserPage } from './user.js'

/** All pages, in the order of the navigation. */
export const scenarioGroups: readonly ScenarioGroup[] = [
  {
    title: 'The main job',
    scenarios: [
      { path: '/', label: 'Sign in', icon: <SignInIcon />, Page: SignInPage },
      { path: '/user', label: 'Who you are', icon: <IdBadgeIcon />, Page: UserPage },
      { path: '/tokens', label: 'Tokens', icon: <KeyIcon />, Page: TokensPage },
      { path: '/call-api', label: 'Call an API', icon: <PlugIcon />, Page: ApiPage },
      { path: '/sign-out', label: 'Sign out', icon: <SignOutIcon />, Page: SignOutPage },
    ],
  },
  {
    title: 'Settings',
    scenarios: [{ path: '/server', label: 'Server', icon: <ServerIcon />, Page: ServerPage }],
  },
]

export const scenarios: readonly Scenario[] = scenarioGroups.flatMap((group) => group.scenarios)

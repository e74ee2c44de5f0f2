import { furtherOpenIdExchanges } from './further-openid-exchanges.fixture.js'
import { oauthExchanges } from './oauth-exchanges.fixture.js'
import { openIdExchanges } from './openid-exchanges.fixture.js'
import { APP, type ProviderExchange } from './provider-exchange.fixture.js'

export type { ProviderExchange }
export const exchanges: readonly ProviderExchange[] = [...oauthExchanges, ...openIdExchanges, ...furtherOpenIdExchanges]
export const appUrl = APP

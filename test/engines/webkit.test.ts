import { shareEngine } from './engine.js'
import { describeFlows } from './flows.contract.js'
import { describeOAuth1 } from './oauth1.contract.js'
import { launchWebKit } from './webkit-engine.js'

const launch = shareEngine(launchWebKit)

describeFlows('WebKit', launch)
describeOAuth1('WebKit', launch)

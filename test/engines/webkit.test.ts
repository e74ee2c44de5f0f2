import { describeFlows } from './flows.contract.js'
import { describeOAuth1 } from './oauth1.contract.js'
import { launchWebKit } from './webkit-engine.js'

describeFlows('WebKit', launchWebKit)
describeOAuth1('WebKit', launchWebKit)

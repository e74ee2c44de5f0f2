import { describeFlows } from './flows.contract.js'
import { launchWebKit } from './webkit-engine.js'

describeFlows('WebKit', launchWebKit)

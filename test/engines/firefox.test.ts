import { describeFlows } from './flows.contract.js'
import { launchPuppeteer } from './puppeteer-engine.js'

describeFlows('Firefox', () => launchPuppeteer('firefox'))

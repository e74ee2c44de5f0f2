import { describeFlows } from './flows.contract.js'
import { describeOAuth1 } from './oauth1.contract.js'
import { launchPuppeteer } from './puppeteer-engine.js'

describeFlows('Chromium', () => launchPuppeteer('chrome'))
describeOAuth1('Chromium', () => launchPuppeteer('chrome'), true)

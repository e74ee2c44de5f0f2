import { describeFlows } from './flows.contract.js'
import { launchPuppeteer } from './puppeteer-engine.js'

describeFlows('Chromium', () => launchPuppeteer('chrome'))

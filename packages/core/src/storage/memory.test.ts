import { memory } from './memory.js'
import { describeTokenStorage } from './token-storage.contract.js'

describeTokenStorage('memory()', memory)

import { memory } from './memory.js'
import { describeTokenStorage } from './token-storage.contract.js'

// B-034: who only needs the sign-in keeps nothing.
describeTokenStorage('memory()', memory)

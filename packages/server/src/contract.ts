export {
  accessTokenStoreContract,
  atomicStoreContract,
  authCodeStoreContract,
  clientStoreContract,
  storeContract,
  type ContractCase,
} from './storage/store-contract.js'

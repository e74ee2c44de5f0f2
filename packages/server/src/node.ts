export {
  toFastifyHook,
  toNodeHandler,
  toNodeMiddleware,
  type FastifyReplyLike,
  type FastifyRequestLike,
  type NodeHandler,
  type NodeMiddleware,
} from './adapters/node.js'
export {
  toExpressGuard,
  toFastifyGuard,
  tokenOf,
  toNodeGuard,
  type ExpressGuard,
  type FastifyGuard,
  type FastifyGuardReply,
  type FastifyGuardRequest,
  type GuardRequirements,
  type NodeGuard,
} from './adapters/node-guards.js'

export {
  toFastifyHook,
  toNodeHandler,
  toNodeMiddleware,
  type FastifyReplyLike,
  type FastifyRequestLike,
  type NodeHandler,
  type NodeMiddleware,
} from './adapters/node.js'

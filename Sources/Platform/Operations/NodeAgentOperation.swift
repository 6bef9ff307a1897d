/// An operation that a node's agent calls, with the token of its node.
///
/// The routes of agents' protocols authenticate the node and count nothing: agents come each
/// minute, know no idempotency keys, and recognise a report by its body.
package protocol NodeAgentOperation: Operation {}

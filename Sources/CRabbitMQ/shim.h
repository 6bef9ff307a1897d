// rabbitmq-c 0.11 (Debian's librabbitmq-dev), and the one call of it that Swift can't make because it is variadic.
#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

/// Logs in with SASL PLAIN; bounded by the handshake timeout of `state`.
static inline amqp_rpc_reply_t amqp_login_plain(
    amqp_connection_state_t state, const char *vhost, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
  return amqp_login_with_properties(
      state, vhost, AMQP_DEFAULT_MAX_CHANNELS, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

// Publishes persistent messages of 256 bytes with a window of unconfirmed ones, by rabbitmq-c alone: what the driver is compared with.
// cc -O2 -o confirmed_publish confirmed_publish.c -lrabbitmq
// confirmed_publish HOST PORT USER PASSWORD VHOST MESSAGES WINDOW, prints confirmed messages per second.
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void require(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "confirmed_publish: %s failed\n", what);
  exit(1);
}

static void require_reply(amqp_rpc_reply_t reply, const char *what) { require(reply.reply_type == AMQP_RESPONSE_NORMAL, what); }

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// Receives one frame and returns how many messages are confirmed after it.
static uint64_t receive(amqp_connection_state_t connection, uint64_t confirmed) {
  amqp_frame_t frame;
  require(amqp_simple_wait_frame(connection, &frame) == AMQP_STATUS_OK, "receiving");
  require(frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD, "confirming");
  const amqp_basic_ack_t *ack = frame.payload.method.decoded;
  uint64_t after = ack->multiple ? ack->delivery_tag : confirmed + 1;
  amqp_maybe_release_buffers(connection);
  return after;
}

static void publish(amqp_connection_state_t connection, uint64_t *sent, uint64_t *confirmed, uint64_t until, uint64_t window) {
  char text[256];
  memset(text, 'x', sizeof text);
  amqp_bytes_t body = {sizeof text, text};
  amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
  while (*confirmed < until) {
    while (*sent < until && *sent - *confirmed < window) {
      require(
          amqp_basic_publish(connection, 1, amqp_empty_bytes, amqp_cstring_bytes("benchmark-c"), 1, 0, &properties, body) == AMQP_STATUS_OK,
          "publishing");
      ++*sent;
    }
    *confirmed = receive(connection, *confirmed);
  }
}

int main(int count, char **arguments) {
  require(count == 8, "reading the arguments HOST PORT USER PASSWORD VHOST MESSAGES WINDOW");
  uint64_t messages = strtoull(arguments[6], NULL, 10), window = strtoull(arguments[7], NULL, 10);
  amqp_connection_state_t connection = amqp_new_connection();
  require(amqp_socket_open(amqp_tcp_socket_new(connection), arguments[1], atoi(arguments[2])) == AMQP_STATUS_OK, "connecting");
  require_reply(
      amqp_login(connection, arguments[5], 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, arguments[3], arguments[4]), "logging in");
  amqp_channel_open(connection, 1);
  require_reply(amqp_get_rpc_reply(connection), "opening a channel");
  amqp_queue_declare(connection, 1, amqp_cstring_bytes("benchmark-c"), 0, 1, 0, 0, amqp_empty_table);
  require_reply(amqp_get_rpc_reply(connection), "declaring a queue");
  amqp_confirm_select(connection, 1);
  require_reply(amqp_get_rpc_reply(connection), "asking for confirms");

  uint64_t sent = 0, confirmed = 0;
  publish(connection, &sent, &confirmed, window, window);
  double start = seconds();
  publish(connection, &sent, &confirmed, window + messages, window);
  printf("%.0f\n", (double)messages / (seconds() - start));

  amqp_queue_delete(connection, 1, amqp_cstring_bytes("benchmark-c"), 0, 0);
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
  return 0;
}

/// The sink: the recipient's name picks the answer, so that one server plays every part.
let sinkScript = #"""
  import asyncio, email, email.policy, json, os, ssl, subprocess, sys, threading
  from aiosmtpd.smtp import SMTP, AuthResult

  mode, folder = sys.argv[1], sys.argv[2]
  connections = 0

  def event(name):
      with open(os.path.join(folder, "events"), "a") as file:
          file.write(name + "\n")

  class Handler:
      async def handle_RCPT(self, server, session, envelope, address, options):
          if address.startswith("later@"):
              return "451 4.3.0 Mailbox busy"
          if address.startswith("never@"):
              return "550-5.1.1 No such user\r\n550 5.1.1 here"
          if address.startswith("stall@"):
              event("stalled")
              await asyncio.sleep(60)
          envelope.rcpt_tos.append(address)
          return "250 OK"

      async def handle_DATA(self, server, session, envelope):
          name = envelope.rcpt_tos[0].split("@")[0]
          if name == "refused-content":
              return "554 5.7.1 Spam"
          if name == "stall-after-data":
              event("stalled")
              await asyncio.sleep(60)
          if name == "slow":
              await asyncio.sleep(0.05)
          if name == "very-slow":
              event("slow")
              await asyncio.sleep(1)
          record(server, session, envelope)
          if name == "hang-up-after-data":
              server.transport.abort()
          if name == "close-afterwards":
              asyncio.get_running_loop().call_later(0.05, close, server, b"")
          if name == "say-goodbye-afterwards":
              asyncio.get_running_loop().call_later(0.05, close, server, b"421 4.4.2 Idle too long\r\n")
          return "250 2.0.0 Queued as %d" % server.number

      async def handle_QUIT(self, server, session, envelope):
          event("quit")
          return "221 Bye"

  def close(server, farewell):
      server.transport.write(farewell)
      server.transport.close()
      event("closed")

  def record(server, session, envelope):
      message = email.message_from_bytes(envelope.content, policy=email.policy.default)
      parts, defects = [], [str(defect) for defect in message.defects]
      for part in message.walk():
          defects += [str(defect) for defect in part.defects]
          if not part.is_multipart():
              parts.append({"type": part.get_content_type(), "disposition": part.get_content_disposition(), "text": part.get_content()})
      line = json.dumps({
          "connection": server.number, "mailFrom": envelope.mail_from, "recipients": envelope.rcpt_tos,
          "headers": {key.lower(): str(value) for key, value in message.items()}, "contentType": message.get_content_type(),
          "parts": parts, "longestLine": max(len(line) for line in envelope.content.split(b"\r\n")),
          "isASCII": envelope.content.isascii(), "defects": defects,
      })
      with open(os.path.join(folder, "messages.jsonl"), "a") as file:
          file.write(line + "\n")

  class Server(SMTP):
      async def smtp_DATA(self, arg):
          if self.envelope.rcpt_tos and self.envelope.rcpt_tos[0].startswith("hang-up-in-data@"):
              await self.push("354 Go ahead")
              self.transport.close()
              return
          await super().smtp_DATA(arg)

      def connection_lost(self, error):
          event("lost")
          super().connection_lost(error)

  class Silent(asyncio.Protocol):
      def connection_made(self, transport):
          event("connect")
          self.transport = transport

      def connection_lost(self, error):
          event("lost")

  def authenticate(server, session, envelope, mechanism, data):
      if data.login == b"busy":
          return AuthResult(success=False, handled=False, message="454 4.7.0 Try again later")
      good = data.login == b"us er@example.com" and data.password == "pä:ss/w@rd".encode()
      event("auth " + mechanism)
      return AuthResult(success=good, handled=False)

  def context():
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
      return context

  def make():
      global connections
      if mode == "silent":
          return Silent()
      connections += 1
      event("connect")
      options = {}
      if mode == "starttls":
          options = {"tls_context": context(), "require_starttls": True, "authenticator": authenticate}
      if mode == "login":
          options = {"auth_require_tls": False, "auth_required": True, "authenticator": authenticate}
      server = Server(Handler(), hostname="sink.test", enable_SMTPUTF8=False, data_size_limit=32 * 1024 * 1024, **options)
      server.number = connections
      return server

  def make_certificate():
      subprocess.run([
          "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
          "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
          "-keyout", os.path.join(folder, "key.pem"), "-out", os.path.join(folder, "cert.pem"),
      ], check=True, capture_output=True)

  def leave_with_parent():
      sys.stdin.read()
      os._exit(0)

  async def main():
      server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=context() if mode == "tls" else None)
      print(server.sockets[0].getsockname()[1], flush=True)
      await server.serve_forever()

  threading.Thread(target=leave_with_parent, daemon=True).start()
  if mode in ("starttls", "tls"):
      make_certificate()
  asyncio.run(main())
  """#

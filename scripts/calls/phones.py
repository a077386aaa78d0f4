"""Telephones made of the standard library's sockets, talking in tones.

A `Phone` speaks SIP over UDP and sends one tone as PCMA; what it hears is kept as
samples, in which `power` finds tones.
"""
import hashlib, json, math, random, re, socket, struct, sys, threading, time, urllib.request
from http.cookiejar import CookieJar

RATE = 8000


def alaw(sample):
    sign, amount = (0x80, sample >> 3) if sample >= 0 else (0, (~sample) >> 3)
    segment = max(0, amount.bit_length() - 5)
    return ((segment << 4 | (amount >> max(1, segment)) & 15) | sign) ^ 0x55


def linear(byte):
    byte ^= 0x55
    mantissa, exponent = (byte & 15) << 4, byte >> 4 & 7
    amount = mantissa + 8 if exponent == 0 else (mantissa + 0x108) << exponent - 1
    return amount if byte & 0x80 else -amount


def power(samples, hertz):
    """How much of a tone is in some samples, 0 to about 1 (Goertzel)."""
    turn, before, last = 2 * math.cos(2 * math.pi * hertz / RATE), 0.0, 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    whole = sum(sample * sample for sample in samples) * len(samples)
    return 2 * (last * last + before * before - turn * last * before) / whole if whole else 0.0


class Sound:
    """RTP both ways: a tone out, what is heard in; keys by RFC 4733."""

    def __init__(self, hertz):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port, self.hertz, self.to, self.heard, self.on = self.socket.getsockname()[1], hertz, None, [], True
        self.keys = []
        for work in (self.listen, self.speak):
            threading.Thread(target=work, daemon=True).start()

    def listen(self):
        while self.on:
            try:
                data = self.socket.recv(2000)
            except OSError:
                continue
            if data[1] & 127 == 8:
                self.heard.extend(linear(byte) for byte in data[12:])

    def speak(self):
        number, began = 0, time.monotonic()
        source = random.getrandbits(32)
        while self.on:
            at = number * 160
            if self.to and self.keys:
                key, step = self.keys[0]
                event = "0123456789*#".index(key)
                body = bytes([event, (0x80 if step > 4 else 0) | 10]) + struct.pack(">H", 160 * (min(step, 4) + 1))
                head = struct.pack(">BBHII", 0x80, 101 | (0x80 if step == 0 else 0), number & 0xffff, at - 160 * step, source)
                self.socket.sendto(head + body, self.to)
                self.keys[0] = (key, step + 1)
                if step >= 7:
                    self.keys.pop(0)
            elif self.to and self.hertz:
                tone = bytes(alaw(int(8000 * math.sin(2 * math.pi * self.hertz * (at + i) / RATE))) for i in range(160))
                self.socket.sendto(struct.pack(">BBHII", 0x80, 8, number & 0xffff, at, source) + tone, self.to)
            number += 1
            time.sleep(max(0, began + number * 0.02 - time.monotonic()))

    def hears(self, seconds):
        time.sleep(0.5)
        self.heard.clear()
        time.sleep(seconds)
        return list(self.heard)


class Phone:
    """A telephone: text in, text out over UDP."""

    def __init__(self, server, user, hertz):
        self.server, self.user, self.sound, self.answered = server, user, Sound(hertz), 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(15)
        self.port = self.socket.getsockname()[1]
        self.call, self.tag, self.number = f"{random.getrandbits(48):x}@127.0.0.1", f"{random.getrandbits(32):x}", 0

    def sdp(self):
        return ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                f"m=audio {self.sound.port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
                "a=rtpmap:101 telephone-event/8000\r\n")

    def request(self, method, uri, to, extra="", body="", number=None, branch=None):
        if number is None:
            self.number += 1
        self.branch = branch = branch or f"z9hG4bK{random.getrandbits(64):x}"
        self.send(f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch};rport\r\n"
                  f"Max-Forwards: 70\r\nFrom: <sip:{self.user}@127.0.0.1>;tag={self.tag}\r\nTo: {to}\r\n"
                  f"Call-ID: {self.call}\r\nCSeq: {number or self.number} {method}\r\n"
                  f"Contact: <sip:{self.user}@127.0.0.1:{self.port}>\r\n{extra}"
                  + (f"Content-Type: application/sdp\r\n" if body else "") + f"Content-Length: {len(body)}\r\n\r\n{body}")

    def send(self, text):
        self.socket.sendto(text.encode(), self.server)

    def next(self, *wanted):
        while True:
            text = self.socket.recv(65536).decode()
            first = text.split("\r\n", 1)[0]
            if any(word in first for word in wanted):
                return text
            if first.startswith("SIP/2.0") and int(first.split()[1]) >= 300:
                raise SystemExit(f"{self.user}: {first}")

    def proof(self, asked, password, method, uri):
        """The header that answers a challenge, by MD5 as old telephones do."""
        asked = next(line for line in re.findall(r"(?:WWW|Proxy)-Authenticate: (.*)", asked) if "SHA-256" not in line)
        nonce, of = re.search(r'nonce="([^"]+)"', asked).group(1), re.search(r'realm="([^"]+)"', asked).group(1)
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        proof = md5(f"{md5(f'{self.user}:{of}:{password}')}:{nonce}:00000001:abc:auth:{md5(f'{method}:{uri}')}")
        return (f'Authorization: Digest username="{self.user}", realm="{of}", nonce="{nonce}", uri="{uri}", '
                f'response="{proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"\r\n')

    def register(self, realm, password):
        uri, to = f"sip:{realm}", f"<sip:{self.user}@{realm}>"
        self.request("REGISTER", uri, to, "Expires: 300\r\n")
        asked = self.next("401")
        self.request("REGISTER", uri, to, "Expires: 300\r\n" + self.proof(asked, password, "REGISTER", uri))
        self.next("200")

    def talk_to(self, text):
        where = re.search(r"c=IN IP4 (\S+)", text).group(1)
        self.sound.to = (where, int(re.search(r"m=audio (\d+)", text).group(1)))

    def answers(self):
        text = self.invited = self.next("INVITE")
        headers = "".join(f"{line}\r\n" for line in text.split("\r\n") if re.match(r"(Via|From|Call-ID|CSeq|Record-Route):", line))
        to = re.search(r"\nTo: ([^\r]*)", text).group(1)
        reply = lambda status, body="": self.send(
            f"SIP/2.0 {status}\r\n{headers}To: {to};tag=agent\r\nContact: <sip:{self.user}@127.0.0.1:{self.port}>\r\n"
            + ("Content-Type: application/sdp\r\n" if body else "") + f"Content-Length: {len(body)}\r\n\r\n{body}")
        reply("180 Ringing")
        time.sleep(0.5)
        self.talk_to(text)
        reply("200 OK", self.sdp())
        self.next("ACK")
        self.answered += 1

    def within(self, method, extra="", body="", wanted="200"):
        """Asks for something in the call that was answered last; gives the answer."""
        text, self.inside = self.invited, getattr(self, "inside", 0) + 1
        caller = re.search(r"\nFrom: ([^\r]*)", text).group(1)
        ours = re.search(r"\nTo: ([^\r]*)", text).group(1) + ";tag=agent"
        target = re.search(r"\nContact: <([^>]+)>", text).group(1)
        call = re.search(r"\nCall-ID: ([^\r]*)", text).group(1)
        say = lambda method, extra, body: self.send(
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{random.getrandbits(64):x};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: {ours}\r\nTo: {caller}\r\nCall-ID: {call}\r\nCSeq: {self.inside} {method}\r\n"
            f"Contact: <sip:{self.user}@127.0.0.1:{self.port}>\r\n{extra}"
            + ("Content-Type: application/sdp\r\n" if body else "") + f"Content-Length: {len(body)}\r\n\r\n{body}")
        say(method, extra, body)
        answer = self.next(wanted)
        if method == "INVITE":
            say("ACK", "", "")
        return answer

    def hangs_up_as_callee(self):
        """Ends the call that was answered last."""
        self.within("BYE")

    def refers(self, to):
        """Asks for the call that was answered last to go elsewhere; gives how that went."""
        self.within("REFER", f"Refer-To: {to}\r\n", wanted="202")
        while True:
            text = self.next("NOTIFY")
            self.agrees(text)
            if "SIP/2.0 100" not in text:
                return text.rsplit("\r\n\r\n", 1)[1].strip()

    def agrees(self, text):
        headers = "".join(f"{line}\r\n" for line in text.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line))
        self.send(f"SIP/2.0 200 OK\r\n{headers}Content-Length: 0\r\n\r\n")

    def is_hung_up(self):
        self.agrees(self.next("BYE"))

    def calls(self, number, password=None):
        self.target = f"sip:{number}@127.0.0.1:{self.server[1]}"
        self.invites()
        text = self.next("200") if password is None else self.next("200", "401")
        if " 401 " in text.split("\r\n", 1)[0]:
            refused = re.search(r"\nTo: ([^\r]*)", text).group(1)
            self.request("ACK", self.target, refused, number=self.number, branch=self.branch)
            self.invites(self.proof(text, password, "INVITE", self.target))
            text = self.next("200")
        self.to = re.search(r"\nTo: ([^\r]*)", text).group(1)
        self.target = re.search(r"\nContact: <([^>]+)>", text).group(1)
        self.talk_to(text)
        self.request("ACK", self.target, self.to, number=self.number)

    def invites(self, extra=""):
        self.request("INVITE", self.target, f"<{self.target}>", extra, self.sdp())

    def gives_up(self, number):
        """Calls and takes it back at once (RFC 3261 §9.1)."""
        self.target = f"sip:{number}@127.0.0.1:{self.server[1]}"
        branch = f"z9hG4bK{random.getrandbits(64):x}"
        for method, body in (("INVITE", self.sdp()), ("CANCEL", "")):
            self.send(f"{method} {self.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch};rport\r\n"
                      f"Max-Forwards: 70\r\nFrom: <sip:{self.user}@127.0.0.1>;tag={self.tag}\r\nTo: <{self.target}>\r\n"
                      f"Call-ID: {self.call}\r\nCSeq: 1 {method}\r\nContact: <sip:{self.user}@127.0.0.1:{self.port}>\r\n"
                      + ("Content-Type: application/sdp\r\n" if body else "") + f"Content-Length: {len(body)}\r\n\r\n{body}")

    def hangs_up(self):
        self.request("BYE", self.target, self.to)
        self.next("200")


def must(holds, what):
    print(("ok   " if holds else "FAIL ") + what, flush=True)
    if not holds:
        raise SystemExit(1)


def signed_in(url, login):
    jar = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(jar)
    body = json.dumps({"login": login["login"], "password": login["password"]}).encode()
    opener.open(urllib.request.Request(f"{url}/api/v1/session", body, {"Content-Type": "application/json", "Origin": url}))
    return opener

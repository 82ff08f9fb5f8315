"""Bluetooth devices that a real Chromium finds, pairs, listens to and loses: its own emulation, by DevTools.

Its emulation (156) can announce, connect, disconnect, subscribe, read and write, but cannot notify by itself.
A value is therefore sent by reading the characteristic in the page: it goes through the browser's own process
and arrives as the same event on the same object as a notification. docs/decisions/0008 says more.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from telemed.intake.drivers import DRIVERS, Kind
from telemed.intake.drivers.simulator import Sent

NAMES = {
    "pressure": "Cuff 12",
    "oxygen": "Finger 7",
    "temperature": "Ear 3",
    "glucose": "Strip 9",
    "weight": "Scale 4",
    "pulse": "Chest 5",
}
CLIENT_CONFIGURATION, RECORD_CONTROL = "2902", "2a52"
_READ = """async ([service, characteristic]) => {
  for (const device of (await navigator.bluetooth.getDevices()).filter((each) => each.gatt.connected)) {
    const held = await device.gatt.getPrimaryService(service).catch(() => null);
    if (held) return (await held.getCharacteristic(characteristic)).readValue().then(() => true);
  }
  return false;
}"""


def whole(short: str) -> str:
    """A UUID of the Bluetooth SIG in full."""
    return f"0000{short}-0000-1000-8000-00805f9b34fb"


@dataclass
class Peripheral:
    """One device: what it will send next, and what it was asked for."""

    kind: Kind
    address: str
    session: CDPSession
    value: bytes = b""
    asked: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it calls itself over the air."""
        return NAMES[self.kind]

    def sends(self, page: Page, sent: Sent) -> None:
        """Send a value to the page that listens."""
        [driver] = [each for each in DRIVERS.values() if each.kind == self.kind]
        self.value = sent.raw
        names = [whole(driver.service), whole(driver.characteristic)]
        assert page.evaluate(_READ, names), "nobody listens"

    def hangs_up(self) -> None:
        """Break the connection."""
        self.session.send("BluetoothEmulation.simulateGATTDisconnection", {"address": self.address})
        # What was found in it is forgotten with the connection.
        self.parts.clear()

    def grows(self) -> None:
        """Get the service and characteristics of its sort, when it is first looked into."""
        [driver] = [each for each in DRIVERS.values() if each.kind == self.kind]
        place = {"address": self.address, "serviceUuid": whole(driver.service)}
        service = self.session.send("BluetoothEmulation.addService", place)["serviceId"]
        wanted: dict[str, dict[str, bool]] = {driver.characteristic: {"indicate": True, "read": True}}
        if driver.by_records:
            wanted[RECORD_CONTROL] = {"indicate": True, "write": True}
        for short, properties in wanted.items():
            told = {"serviceId": service, "characteristicUuid": whole(short), "properties": properties}
            made = self.session.send("BluetoothEmulation.addCharacteristic", told)["characteristicId"]
            described = {"characteristicId": made, "descriptorUuid": whole(CLIENT_CONFIGURATION)}
            self.session.send("BluetoothEmulation.addDescriptor", described)
            self.parts[made] = short


class Radio:
    """The emulated Bluetooth of a browser; it is the browser's, so one test at a time has it."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.session = browser.new_browser_cdp_session()
        self.session.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
        # Some page must hold the adapter, or the devices are forgotten with the page that last used it.
        self._holder = browser.new_context()
        page = self._holder.new_page()
        page.goto(f"{origin}/health/live")
        page.evaluate("navigator.bluetooth.getAvailability()")
        self.devices: dict[str, Peripheral] = {}
        self.session.on("BluetoothEmulation.gattOperationReceived", self._gatt)
        self.session.on("BluetoothEmulation.characteristicOperationReceived", self._characteristic)

    def close(self) -> None:
        """Switch it off; what pages still ask while they close is nobody's any more."""
        self.session.remove_listener("BluetoothEmulation.gattOperationReceived", self._gatt)
        self.session.remove_listener(
            "BluetoothEmulation.characteristicOperationReceived", self._characteristic
        )
        self._holder.close()
        self.session.send("BluetoothEmulation.disable")
        self.session.detach()

    def brings(self, kind: Kind) -> Peripheral:
        """Put a device on the table and switch it on."""
        [driver] = [each for each in DRIVERS.values() if each.kind == kind]
        address = f"09:09:09:09:09:{len(self.devices):02X}"
        made = self.devices[address] = Peripheral(kind, address, self.session)
        told = {"address": address, "name": made.name, "manufacturerData": []}
        known = {"knownServiceUuids": [whole(driver.service)]}
        self.session.send("BluetoothEmulation.simulatePreconnectedPeripheral", {**told, **known})
        return made

    def _gatt(self, event: dict[str, Any]) -> None:
        device = self.devices[event["address"]]
        if event["type"] == "discovery" and not device.parts:
            device.grows()
        told = {"address": event["address"], "type": event["type"], "code": 0}
        self.session.send("BluetoothEmulation.simulateGATTOperationResponse", told)

    def _characteristic(self, event: dict[str, Any]) -> None:
        made, what = event["characteristicId"], event["type"]
        device = next(each for each in self.devices.values() if made in each.parts)
        device.heard.append(f"{what} {device.parts[made]}")
        if what == "write":
            device.asked.append(base64.b64decode(event["data"]))
        data = {"data": base64.b64encode(device.value).decode()} if what == "read" else {}
        told = {"characteristicId": made, "type": what, "code": 0, **data}
        self.session.send("BluetoothEmulation.simulateCharacteristicOperationResponse", told)


class Chooser:
    """Somebody who answers the browser's device chooser, and counts how often it was there."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("DeviceAccess.enable")
        self.shown: list[str] = []
        self._session.on("DeviceAccess.deviceRequestPrompted", self._choose)

    def _choose(self, event: dict[str, Any]) -> None:
        # The same question is told again whenever a device is added to its list.
        if event["id"] in self.shown or not event["devices"]:
            return
        self.shown.append(event["id"])
        chosen = {"id": event["id"], "deviceId": event["devices"][0]["id"]}
        self._session.send("DeviceAccess.selectPrompt", chosen)

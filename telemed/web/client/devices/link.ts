// One device that was paired earlier: found again without a chooser, listened to, and let go.

import { hex, uuid, type Bluetooth, type Characteristic, type Peripheral } from "./bluetooth";

export interface Known {
  id: string;
  kind: string;
  service: string;
  characteristic: string;
  // The newest record is asked for; without it the device sends by itself.
  records: boolean;
  name: string;
  key: string;
}

export interface Listener {
  connected(): void;
  received(raw: string): void;
  // Whether it is still wanted: many devices hang up as soon as they have sent.
  lost(): boolean;
}

const RECORD_CONTROL = 0x2a52;
// Report stored records, the last one.
const NEWEST = new Uint8Array([1, 6]);
const AGAIN_MS = 3_000;

export class Link {
  private over = false;
  private peripheral: Peripheral | null = null;
  private readonly gone = () => this.away();

  constructor(
    private readonly radio: Bluetooth,
    readonly known: Known,
    private readonly listener: Listener,
  ) {}

  // A device that sleeps until it is used is asked for again and again, until the page is left.
  async begin(): Promise<void> {
    while (!this.over) {
      if (await this.reach()) return;
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }

  end(): void {
    this.over = true;
    this.peripheral?.removeEventListener("gattserverdisconnected", this.gone);
    this.peripheral?.gatt?.disconnect();
    this.peripheral = null;
  }

  private async reach(): Promise<boolean> {
    try {
      const paired = (await this.radio.getDevices?.()) ?? [];
      const found = paired.find((each) => each.id === this.known.key);
      if (!found?.gatt) return false;
      await this.listen(found);
      return true;
    } catch {
      // Out of reach, asleep or switched off: not yet there.
      return false;
    }
  }

  private async listen(found: Peripheral): Promise<void> {
    const server = await found.gatt?.connect();
    if (!server || this.over) return server?.disconnect();
    const service = await server.getPrimaryService(uuid(this.known.service));
    const measured = await service.getCharacteristic(uuid(this.known.characteristic));
    measured.addEventListener("characteristicvaluechanged", () => {
      if (measured.value && !this.over) this.listener.received(hex(measured.value));
    });
    await measured.startNotifications();
    this.peripheral = found;
    found.addEventListener("gattserverdisconnected", this.gone);
    this.listener.connected();
    if (this.known.records) await this.askForNewest(await service.getCharacteristic(RECORD_CONTROL));
  }

  private async askForNewest(control: Characteristic): Promise<void> {
    await control.startNotifications();
    await control.writeValueWithResponse(NEWEST);
  }

  private away(): void {
    this.peripheral?.removeEventListener("gattserverdisconnected", this.gone);
    this.peripheral = null;
    if (this.over) return;
    if (this.listener.lost()) void this.begin();
  }
}

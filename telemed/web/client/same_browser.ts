// Two pages of one browser in calls would howl: each hears the other's loudspeaker. The second one is told.

const CHANNEL = "telemed-call";
const ANSWER_WITHIN = 150;

export class SameBrowser {
  private readonly channel = new BroadcastChannel(CHANNEL);
  private calling = false;
  private heard: (() => void) | undefined;

  constructor() {
    this.channel.onmessage = ({ data }) => {
      if (data === "who is calling?" && this.calling) this.channel.postMessage("I am");
      else if (data === "I am") this.heard?.();
    };
  }

  // Ask the other pages; from now on answer for this one.
  async another(): Promise<boolean> {
    const found = await new Promise<boolean>((resolve) => {
      this.heard = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_WITHIN);
      this.channel.postMessage("who is calling?");
    });
    this.heard = undefined;
    this.calling = true;
    return found;
  }

  quit(): void {
    this.calling = false;
  }

  close(): void {
    this.channel.close();
  }
}

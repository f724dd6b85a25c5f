// Everything that is measured under default settings, one after the other on one cluster, under the same crowd of people.
import './pauses/kill-available.js';
import './pauses/freeze-available.js';
import './pauses/standby.js';
import './pauses/router-death.js';
import './pauses/planned.js';
